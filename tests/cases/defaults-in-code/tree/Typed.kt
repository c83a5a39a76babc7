data class Exec(val apiVersion: String = "client.authentication.k8s.io/v1alpha1", val command: String)
const val API_VERSION: String = "client.authentication.k8s.io/v1alpha1"
