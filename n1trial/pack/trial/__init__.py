"""What everybody may know of a trial: codes, kits, dates, visits, and the commitment."""
