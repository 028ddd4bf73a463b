using System.Text.RegularExpressions;

namespace Portcullis.ApiServer.Kinds;

/// <summary>What most names are: a DNS subdomain (RFC 1123; apimachinery's IsDNS1123Subdomain).</summary>
internal static partial class DnsSubdomain
{
    public const string Words =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const int Longest = 253;

    public static bool IsLegal(string name) => name.Length <= Longest && Pattern().IsMatch(name);

    /// <summary>What is wrong with a name, in the API server's words.</summary>
    public static IEnumerable<string> Problems(string name)
    {
        if (name.Length > Longest)
        {
            yield return $"must be no more than {Longest} bytes";
        }

        if (!Pattern().IsMatch(name))
        {
            yield return Words;
        }
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex Pattern();
}
