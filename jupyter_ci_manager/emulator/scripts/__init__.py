"""What runs the setup scripts of instances: for show, or for real as child processes."""
