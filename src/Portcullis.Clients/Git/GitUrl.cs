namespace Portcullis.Clients.Git;

public enum GitTransport
{
    Https,
    Ssh,
    Local,
}

/// <summary>A repository's address, checked: only https, ssh and (where allowed) local paths, never with a password in it.</summary>
public sealed record GitUrl
{
    private GitUrl(string text, GitTransport transport, string host)
    {
        Text = text;
        Transport = transport;
        Host = host;
    }

    /// <summary>What git is given.</summary>
    public string Text { get; }

    public GitTransport Transport { get; }

    /// <summary>Host, with the port when it is not the usual one: what credentials are bound to. Empty for local repositories.</summary>
    public string Host { get; }

    /// <summary>The repository's folder, for local ones.</summary>
    public string? LocalPath => Transport == GitTransport.Local ? Text : null;

    /// <summary>The address, or null with the reason.</summary>
    public static GitUrl? Parse(string text, bool allowLocal, out string? problem)
    {
        problem = null;
        if (text.StartsWith('/') || text.StartsWith("file:///", StringComparison.Ordinal))
        {
            var path = text.StartsWith('/') ? text : Uri.UnescapeDataString(text["file://".Length..]);
            if (allowLocal && !text.Any(char.IsControl))
            {
                return new GitUrl(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), GitTransport.Local, "");
            }

            problem = "local repositories are not allowed here: use https:// or ssh://";
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme is not ("https" or "ssh") || uri.Host.Length == 0)
        {
            problem = text.Contains('@', StringComparison.Ordinal) && !text.Contains("://", StringComparison.Ordinal)
                ? "write ssh://user@host/path instead of user@host:path"
                : "the URL must begin with https:// or ssh://";
            return null;
        }

        if (uri.UserInfo.Contains(':', StringComparison.Ordinal) || (uri.Scheme == "https" && uri.UserInfo.Length > 0))
        {
            problem = "a user or password does not belong in the URL: use secretRef";
            return null;
        }

        if (uri.Host.StartsWith('-') || uri.UserInfo.StartsWith('-') || uri.Query.Length > 0 || uri.Fragment.Length > 0 || IsReadInAnotherWay(text, uri))
        {
            problem = "the URL holds what no repository's address has";
            return null;
        }

        var host = uri.IsDefaultPort || uri.Port is -1 or 22 ? uri.Host : $"{uri.Host}:{uri.Port}";
        return new GitUrl(text, uri.Scheme == "https" ? GitTransport.Https : GitTransport.Ssh, host.ToLowerInvariant());
    }

    /// <summary>git, curl and ssh each have a parser of their own, which takes such an address for another one than is checked here.</summary>
    private static bool IsReadInAnotherWay(string text, Uri uri) =>
        text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c) || c == '\\') || !uri.UserInfo.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+');

    public override string ToString() => Text;
}
