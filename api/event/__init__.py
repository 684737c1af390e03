"""What did this event, action or measure change?"""
