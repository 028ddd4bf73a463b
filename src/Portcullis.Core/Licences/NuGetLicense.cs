namespace Portcullis.Core.Licences;

/// <summary>The licence of a NuGet package by its .nuspec: an element license of type expression, formerly a URL.</summary>
public static class NuGetLicense
{
    /// <summary>The expression; null when none is known.</summary>
    public static string? Of(string? expression, string? url)
    {
        if (expression is not null && LicenseExpression.Parse(expression) is { } parsed)
        {
            return parsed.ToString();
        }

        return LicenseUrl.Identifier(url ?? "");
    }
}
