const val OLD = "client.authentication.k8s.io/v1alpha1"

fun exec() = mapOf(
    "exec" to mapOf(
        "apiVersion" to "client.authentication.k8s.io/v1alpha1",
        "command" to "aws",
    ),
)

val config = ExecConfig(apiVersion = "client.authentication.k8s.io/v1alpha1", command = "aws")

val text = """
    users:
    - name: u
      user:
        exec:
          apiVersion: client.authentication.k8s.io/v1alpha1
          command: aws
""".trimIndent()

fun build() = ExecConfig().apply {
    apiVersion =
        "client.authentication.k8s.io/v1alpha1"
    command = "aws"
}
