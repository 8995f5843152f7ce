"""The best that an unbiased analysis could do with the same diaries, if nobody could guess what is taken."""
