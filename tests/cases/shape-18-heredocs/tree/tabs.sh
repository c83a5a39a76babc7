#!/bin/sh
write() {
	cat > "$1" <<-EOF
	apiVersion: v1
	kind: Config
	users:
	- name: ops
	  user:
	    exec:
	      apiVersion: client.authentication.k8s.io/v1alpha1
	      command: aws
	EOF
}

write_tabbed() {
	cat > "$1" <<-EOF
		kind: Config
		users:
		- name: ops
			user:
				exec:
					apiVersion: client.authentication.k8s.io/v1alpha1
					command: aws
	EOF
}
