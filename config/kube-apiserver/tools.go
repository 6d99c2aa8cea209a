// SPDX-License-Identifier: Apache-2.0

//go:build tools

// Package tools names the program that bin/setup builds, so that "go mod tidy" keeps what it needs. For another version,
// change it in go.mod, with the modules that it replaces, and in bin/setup.
package tools

import _ "k8s.io/kubernetes/cmd/kube-apiserver"
