"""What changed, and who said so?"""
