@dataclass
class Exec:
    api_version: str = "client.authentication.k8s.io/v1alpha1"
    command: Optional[str] = None
