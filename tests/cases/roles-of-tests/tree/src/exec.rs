fn config() -> ExecConfig {
    ExecConfig { api_version: "client.authentication.k8s.io/v1alpha1".into(), command: "aws".into() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn config_is_written() {
        let config =
            ExecConfig { api_version: "client.authentication.k8s.io/v1alpha1".into(), command: "aws".into() };
    }
}
