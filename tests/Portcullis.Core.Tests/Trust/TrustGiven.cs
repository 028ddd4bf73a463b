using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Tests.Trust;

/// <summary>Reads an observation as the examples write it: keys have names there, and <c>held</c> lists those that the operator can sign with.</summary>
internal sealed class TrustGiven(JsonObject given)
{
    public const string Gun = "dtr.example.com/admin/flask";
    private const string Repository = "admin/flask";

    private readonly Dictionary<string, TufKey> _keys = new(StringComparer.Ordinal);

    public DateTimeOffset Now { get; } = given["now"]!.Deserialize<DateTimeOffset>(JsonSerializerOptions.Web);

    public TrustObservation Read()
    {
        var held = Names(given.Array("held")).Select(n => Key(n).CanonicalId).ToHashSet(StringComparer.Ordinal);
        var declared = DeclaredTrust.Of(Gun, Repository, (given.Array("declared") ?? []).Select(d => Declared((JsonObject)d!) with { Held = held }).ToList());
        var remembered = given.Object("remembered");
        var before = given.Object("pending");
        return new TrustObservation(declared, Server(given["server"]!))
        {
            RootCertificates = given.ContainsKey("certificates") ? Keys(given.Array("certificates")) : declared.RootKeys,
            ServerKeys = given.Object("serverKeys") is { } keys ? new ServerKeys(Key(keys.String("snapshot")!), Key(keys.String("timestamp")!)) : null,
            Remembered = remembered is null ? RememberedTrust.Nothing : new RememberedTrust(
                remembered.String("declared") == "same" ? declared.Digest : remembered.String("declared"),
                Number(remembered, "root"), Number(remembered, "targets"), Number(remembered, "snapshot"), Number(remembered, "timestamp")),
            PendingBefore = before is null ? null : new PendingRoot(Root(before), []),
            SignedOffline = Names(given.Array("signedOffline")).Select(n => Key(n).Id).ToHashSet(StringComparer.Ordinal),
        };
    }

    /// <summary>The text with the keys' names in the place of their ids.</summary>
    public string Named(string text) => _keys.OrderBy(k => k.Key, StringComparer.Ordinal).Aggregate(
        text, (t, k) => t.Replace(k.Value.Id, $"<{k.Key}>", StringComparison.Ordinal).Replace(k.Value.Id[..12], $"<{k.Key}>", StringComparison.Ordinal));

    private ResolvedTrust Declared(JsonObject one)
    {
        var spec = new JsonObject
        {
            ["registry"] = "dtr",
            ["repositories"] = new JsonArray(Repository),
            ["root"] = new JsonObject { ["publicKeys"] = new JsonArray("pinned"), ["signatures"] = one.Array("signatures")?.DeepClone() },
            ["snapshot"] = one.ContainsKey("snapshot") ? "Operator" : "Server",
        };
        foreach (var field in new[] { "initialize", "undeclared", "drift", "expiry", "suspend" }.Where(one.ContainsKey))
        {
            spec[field] = one[field]!.DeepClone();
        }

        var declaration = new TrustDelegation { Metadata = new ObjectMeta { Name = one.String("name") ?? "flask" }, Spec = spec.Deserialize(TrustJsonContext.Default.TrustDelegationSpec)! };
        return new ResolvedTrust(declaration)
        {
            RootKeys = Keys(one.Array("root")),
            TargetsKey = one.String("targets") is { } targets ? Key(targets) : null,
            SnapshotKey = one.String("snapshot") is { } snapshot ? Key(snapshot) : null,
            Roles = [.. (one.Array("roles") ?? []).Select(r => Role((JsonObject)r!))],
            Problems = [.. Names(one.Array("problems")).Select(p => new Problem(TrustReasons.SecretUnusable, "spec.targets.keySecretRef", p))],
        };
    }

    private DeclaredRole Role(JsonObject role) => new(
        role.String("name")!,
        DeclaredTrust.Once((role.Object("signers") ?? []).Select(s => new RoleSigner(Key(s.Key), s.Value!.GetValue<string>()))),
        role["threshold"]?.GetValue<int>() ?? 1,
        role.Array("paths") is { } paths ? [.. Names(paths)] : [""]);

    private ServerTrust Server(JsonNode server) => server switch
    {
        JsonValue value when value.GetValue<string>() == "missing" => new ServerTrust.Missing(),
        JsonValue value when value.GetValue<string>() == "away" => new ServerTrust.Unreachable("the server does not answer"),
        JsonValue => new ServerTrust.Rejected("root: no pinned key has signed it"),
        _ => new ServerTrust.Present(Published((JsonObject)server)),
    };

    private PublishedTrust Published(JsonObject server)
    {
        var root = Root(server.Object("root")!);
        return new PublishedTrust
        {
            Root = new PublishedRoot(root.Version, root.Expires) { RootKeys = root.RootKeys, TargetsKeys = root.TargetsKeys, SnapshotKeys = root.SnapshotKeys, TimestampKeys = root.TimestampKeys, Unknown = [.. Names(server.Object("root")!.Array("unknown"))] },
            Targets = Role("targets", server.Object("targets")!),
            SnapshotVersion = 4,
            SnapshotExpires = server.ContainsKey("snapshotExpires") ? Time(server, "snapshotExpires") : Now.AddYears(3),
            TimestampVersion = 9,
            Delegated = (server.Object("delegated") ?? []).ToDictionary(d => d.Key, d => Role(d.Key, (JsonObject)d.Value!), StringComparer.Ordinal),
            Broken = (server.Object("broken") ?? []).ToDictionary(d => d.Key, d => d.Value!.GetValue<string>(), StringComparer.Ordinal),
        };
    }

    private RootChange Root(JsonObject root) => new(Number(root, "version"), root.ContainsKey("expires") ? Time(root, "expires") : Now.AddYears(9))
    {
        RootKeys = Keys(root.Array("root")),
        TargetsKeys = Keys(root.Array("targets")),
        SnapshotKeys = Keys(root.Array("snapshot")),
        TimestampKeys = Keys(root.Array("timestamp")),
        SignWith = [],
    };

    private PublishedRole Role(string name, JsonObject role) => new(name, Number(role, "version"), role.ContainsKey("expires") ? Time(role, "expires") : Now.AddYears(2))
    {
        Delegations = [.. (role.Array("roles") ?? []).Select(r => Delegation((JsonObject)r!))],
        Tags = [.. Names(role.Array("tags"))],
        Signers = [.. Keys(role.Array("signers")).Select(k => k.CanonicalId)],
        Unknown = [.. Names(role.Array("unknown"))],
    };

    private PublishedDelegation Delegation(JsonObject role) =>
        new(role.String("name")!, Keys(role.Array("keys")), role["threshold"]?.GetValue<int>() ?? 1, role.Array("paths") is { } paths ? [.. Names(paths)] : [""]);

    private IReadOnlyList<TufKey> Keys(JsonArray? names) => [.. Names(names).Select(Key)];

    private TufKey Key(string name) => _keys.TryGetValue(name, out var key) ? key : _keys[name] = new TufKey("ecdsa", Encoding.UTF8.GetBytes(name));

    private static IEnumerable<string> Names(JsonArray? names) => (names ?? []).Select(n => n!.GetValue<string>());

    private static long Number(JsonObject one, string field) => one[field]?.GetValue<long>() ?? 0;

    private static DateTimeOffset Time(JsonObject one, string field) => one[field]!.Deserialize<DateTimeOffset>(JsonSerializerOptions.Web);
}
