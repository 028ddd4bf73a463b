namespace Portcullis.Core.Hardening;

/// <summary>A proxy as an engine shows it: user and password replaced.</summary>
internal static class ProxyAddress
{
    public static bool AreSame(string one, string other) => WithoutUser(one) == WithoutUser(other);

    private static string WithoutUser(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : scheme + 3;
        var end = text.IndexOf('/', start) is var slash && slash < 0 ? text.Length : slash;
        var at = text.LastIndexOf('@', end - 1, end - start);
        return at < 0 ? text : string.Concat(text.AsSpan(0, start), text.AsSpan(at + 1));
    }
}
