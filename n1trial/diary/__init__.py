"""What an analyst sees, and the plan fixed in advance."""
