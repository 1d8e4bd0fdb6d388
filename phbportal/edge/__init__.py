"""Where Reflex meets the house: guard, handlers, problem banners."""
