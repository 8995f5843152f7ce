"""Closed forms of designs: what each part of the screen computes, for all of a layout's assignments at once."""
