"""`python -m n1trial`: the same as `n1trial`."""

from __future__ import annotations

from n1trial.cli import main

if __name__ == "__main__":
    main()
