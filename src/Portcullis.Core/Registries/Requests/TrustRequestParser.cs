using System.Text.RegularExpressions;
using static Portcullis.Core.Registries.Requests.RegistryRequest;

namespace Portcullis.Core.Registries.Requests;

/// <summary>Reads requests for trust data: the paths of a Notary server, below <c>/v2/HOST/REPOSITORY/_trust/</c>.</summary>
internal static partial class TrustRequestParser
{
    /// <param name="method">The HTTP method.</param>
    /// <param name="gun">The globally unique name: the registry's host and the repository.</param>
    /// <param name="path">What follows <c>_trust/</c>.</param>
    /// <param name="query">The parameters.</param>
    public static RegistryRequest Parse(string method, string gun, string path, RegistryQuery query)
    {
        var slash = gun.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0 || !Host().IsMatch(gun[..slash]) || !RepositoryName.IsLegal(gun[(slash + 1)..]))
        {
            return new Invalid(RegistryError.NameInvalid("trust data is asked for as HOST/REPOSITORY, with the registry's own host"));
        }

        return ActionOf(method, path) is { } action
            ? new TrustData(gun[..slash], gun[(slash + 1)..], path, action, path == "changefeed" ? query.Only(name => name is "change_id" or "records") : "")
            : new Invalid(new RegistryError(RegistryError.NotFound, "UNSUPPORTED", "the Notary server has no such path, or not for this method"));
    }

    private static TrustDataAction? ActionOf(string method, string path) => (method, path) switch
    {
        ("POST", "tuf/") => TrustDataAction.Publish,
        ("DELETE", "tuf/") => TrustDataAction.Delete,
        ("POST", _) when Key().IsMatch(path) => TrustDataAction.RotateKey,
        ("GET" or "HEAD", "changefeed") => TrustDataAction.Read,
        ("GET" or "HEAD", _) when Key().IsMatch(path) || Metadata().IsMatch(path) => TrustDataAction.Read,
        _ => null,
    };

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(:[0-9]{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    [GeneratedRegex(@"^tuf/(snapshot|timestamp)\.key\z", RegexOptions.CultureInvariant)]
    private static partial Regex Key();

    /// <summary>A role's metadata: the present one, one of a version, or one of a digest.</summary>
    [GeneratedRegex(
        @"^tuf/([1-9][0-9]{0,9}\.)?(root|snapshot|timestamp|targets(/[-a-zA-Z0-9_]+)*)(\.([a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128}))?\.json\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Metadata();
}
