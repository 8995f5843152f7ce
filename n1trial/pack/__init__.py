"""The real trial: blinded kits, papers, the sealed key, and the diary that comes back."""
