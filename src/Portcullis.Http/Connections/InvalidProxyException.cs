namespace Portcullis.Http.Connections;

/// <summary>An environment variable names no proxy. Its value is never quoted: it may hold a password.</summary>
public sealed class InvalidProxyException(string variable)
    : Exception($"The environment variable {variable} names no proxy: it must be an http, https or socks5 URL.");
