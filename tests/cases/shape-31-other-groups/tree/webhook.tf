locals {
  review = { apiVersion = "authentication.k8s.io/v1beta1", kind = "TokenReview" }
}
