pip install awscli==1.46.0
