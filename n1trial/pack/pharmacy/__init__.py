"""The pharmacy's papers and stock; the allocation is in them."""
