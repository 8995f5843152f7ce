"""How the patient answers: one file a process; `patient.py` lists which run for a scenario."""
