package review

var review = map[string]any{"apiVersion": "authentication.k8s.io/v1alpha1", "kind": "SelfSubjectReview"}
