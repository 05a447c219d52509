package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// readFile reads a file that a person named. The error says in their language why it
// cannot be read and what to do.
func readFile(name string) ([]byte, error) {
	text, err := os.ReadFile(name)
	return text, unreadable(name, err)
}

// unreadable says in words why a file cannot be read; nil when it can.
func unreadable(name string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("没有找到文件“%s”。核对路径和文件名", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("没有读文件“%s”的权限。请有权限的人打开，或者改权限", name)
	case errors.Is(err, syscall.EISDIR):
		return fmt.Errorf("“%s”是文件夹，不是文件。写上里面的文件名", name)
	}
	return fmt.Errorf("文件“%s”读不出来：%w", name, err)
}
