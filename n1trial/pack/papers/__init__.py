"""The papers that anybody may see, as HTML and PDF; nothing here knows the allocation."""
