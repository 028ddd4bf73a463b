namespace Portcullis.ApiServer.Authentication;

/// <summary>Names that Kubernetes gives to users and groups (apiserver authentication/user, serviceaccount).</summary>
internal static class WellKnownUsers
{
    public const string Authenticated = "system:authenticated";
    public const string Unauthenticated = "system:unauthenticated";
    public const string Anonymous = "system:anonymous";
    public const string AllServiceAccounts = "system:serviceaccounts";
    private const string ServiceAccountPrefix = "system:serviceaccount:";

    public static string ServiceAccount(string @namespace, string name) => $"{ServiceAccountPrefix}{@namespace}:{name}";

    public static IReadOnlyList<string> ServiceAccountGroups(string @namespace) => [AllServiceAccounts, $"{AllServiceAccounts}:{@namespace}"];

    /// <summary>The account behind a user name, when it is one.</summary>
    public static ObjectKey? ServiceAccountKey(string user)
    {
        if (!user.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        var parts = user[ServiceAccountPrefix.Length..].Split(':');
        return parts is [{ Length: > 0 }, { Length: > 0 }] ? new ObjectKey(parts[0], parts[1]) : null;
    }
}
