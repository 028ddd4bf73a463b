using Portcullis.Core.Registries;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Revisions;

/// <summary>The patterns of our kinds' fields in words, with an example: a regular expression says little to who wrote <c>5 minutes</c>.</summary>
internal static class PatternWords
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [KubernetesDuration.Pattern] = "must be a duration such as 30s, 5m or 1h30m",
        [CommitHash.Pattern] = "must be the 40 hex digits of a commit; SHA-256 hashes are not supported",
        [RepositoryName.Pattern] = "must be the name of a repository in lower case with at least one '/', such as acme/web, without the registry's host and without a tag",
        [TagName.Pattern] = "must be a tag such as latest or 1.2",
        [RegistrySpec.HostPattern] = "must be a host in lower case, with a port if need be, such as registry.example.com:5000, without https://",
        ["^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"] = "must be lower-case letters, digits and '-', such as team-a",
        ["^(/[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?){1,10}$"] = "must be a path of lower-case names such as /production/mobile",
        ["^https?://[A-Za-z0-9.:\\[\\]-]+/?$"] = "must be an address without a path such as https://registry.example.com:5000",
        ["^ldaps?://[A-Za-z0-9.:\\[\\]-]+/?$"] = "must be an address without a path such as ldaps://ldap.example.com",
        ["^https?://[^\\s?#]+$"] = "must be a URL such as https://gitlab.example.com, without ? and #",
        ["^https?://"] = "must begin with https:// or http://",
        ["^targets(/[-a-z0-9_]+)+$"] = "must be the name of a delegation in lower case such as targets/releases",
        ["^[^/]+/[^/]+$"] = "must be an organization and one of its teams such as acme/release",
        ["^[a-z0-9]([-a-z0-9.]*[a-z0-9])?/[a-z0-9]([-a-z0-9]*[a-z0-9])?$"] = "must be an organization and one of its teams in lower case such as ci/signers",
        ["^[^/]+/.+$"] = "must be an organization and one of its users such as acme/ann",
        ["^[a-f0-9]{64}$"] = "must be the 64 hex digits of a key's id",
        ["^(ecdsa|rsapss|rsapkcs1v15|eddsa)$"] = "must be a method such as ecdsa: the others are rsapss, rsapkcs1v15 and eddsa",
        ["^[A-Za-z0-9+/]+=*$"] = "must be a signature in base64 such as MEUCIQDx, without line breaks",
        ["^[A-Za-z][A-Za-z0-9;-]*$"] = "must be the name of an attribute such as memberOf",
    };
}
