"""What happens after the sale. So far: tasks for teammates."""
