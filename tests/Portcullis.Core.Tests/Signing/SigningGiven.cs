using System.Text.Json;
using System.Text.Json.Nodes;
using Portcullis.Core.Organizations;
using Portcullis.Core.Registries;
using Portcullis.Core.Signing;
using Portcullis.Objects;
using Portcullis.Objects.Json;

namespace Portcullis.Core.Tests.Signing;

/// <summary>What is declared and signed, as the examples write it. A digest of one letter stands for one of sixty-four; a key is written as its id.</summary>
internal sealed record SigningGiven(SigningModel Model, SigningPlace Place, IReadOnlyList<string> Images, IReadOnlyDictionary<string, TrustFinding> Trust, DateTimeOffset Now)
{
    public const string Host = "dtr.example.com";

    public static SigningGiven Read(JsonObject given)
    {
        var place = given.Object("place");
        return new SigningGiven(
            new SigningModel([.. (given.Array("policies") ?? []).Select(p => Policy((JsonObject)p!))], [Registry()], Teams(given.Object("teams") ?? [])),
            new SigningPlace(place.String("namespace"), place.String("collection")),
            [.. given.Array("images")!.Select(i => Digests(i!.GetValue<string>()))],
            (given.Object("trust") ?? []).ToDictionary(t => t.Key, t => Finding((JsonObject)t.Value!), StringComparer.Ordinal),
            Time(given, "now"));
    }

    public SigningDecision Decide(string image)
    {
        var name = ImageName.TryParse(image)!;
        var repository = Model.RepositoryOf(name);
        return SigningDecider.Decide(new SigningQuestion(image, name, Model.Covering(name, Place))
        {
            IsRegistered = repository is not null,
            Findings = new Dictionary<SignatureVerifier, TrustFinding>
            {
                [SignatureVerifier.Notary] = Trust.GetValueOrDefault(name.Repository) ?? new TrustFinding.Absent($"no TrustDelegation covers {name.Host}/{name.Repository}"),
            },
            Teams = Model.Teams,
            Now = Now,
            Explain = true,
        });
    }

    /// <summary>Writes a digest out: <c>@a</c> as sixty-four letters.</summary>
    public static string Digests(string image) => image.IndexOf('@', StringComparison.Ordinal) is var at and >= 0 ? $"{image[..at]}@{Digest(image[(at + 1)..])}" : image;

    public static string Digest(string letter) => $"sha256:{new string(letter[0], 64)}";

    /// <summary>The examples' own words.</summary>
    public static string Shortened(string text) => "abcdef".Aggregate(text, (t, letter) => t.Replace(Digest($"{letter}"), $"sha256:{letter}", StringComparison.Ordinal));

    public static SigningPolicy Policy(JsonObject policy) => new()
    {
        Metadata = new ObjectMeta { Name = policy.String("name") },
        Spec = new JsonObject(policy.Where(p => p.Key is not ("name" or "enforcedSince")).Select(p => KeyValuePair.Create(p.Key, p.Value?.DeepClone()))).Deserialize(SigningJsonContext.Default.SigningPolicySpec)!,
        Status = policy.ContainsKey("enforcedSince") ? new SigningPolicyStatus { EnforcedSince = Time(policy, "enforcedSince") } : null,
    };

    private static Registry Registry() => new()
    {
        Metadata = new ObjectMeta { Name = "dtr" },
        Spec = new RegistrySpec { Host = Host, Upstream = new RegistryUpstream { Url = "https://upstream.example.com" } },
    };

    private static TeamKeys Teams(JsonObject teams) => TeamKeys.Of(
        teams.GroupBy(t => t.Key.Split('/')[0], StringComparer.Ordinal).Select(g => Organization(g.Key, [.. g.Select(t => (t.Key.Split('/')[1], (JsonObject)t.Value!))])),
        key => key == "unreadable" ? null : key);

    private static Organization Organization(string name, IReadOnlyList<(string Team, JsonObject Members)> teams) => new()
    {
        Metadata = new ObjectMeta { Name = name },
        Spec = new OrganizationSpec
        {
            Users = [.. teams.SelectMany(t => t.Members).GroupBy(m => m.Key, StringComparer.Ordinal)
                .Select(m => new OrganizationUser { Name = m.Key, PublicKeys = [.. m.First().Value!.AsArray().Select(k => k!.GetValue<string>())] })],
            Teams = [.. teams.Select(t => new Team { Name = t.Team, Members = [.. t.Members.Select(m => m.Key)] })],
        },
    };

    private static TrustFinding Finding(JsonObject trust) =>
        trust.String("absent") is { } absent ? new TrustFinding.Absent(absent)
        : trust.String("rejected") is { } rejected ? new TrustFinding.Rejected(rejected)
        : trust.String("unreachable") is { } away ? new TrustFinding.Unreachable(away)
        : new TrustFinding.Verified(new RepositoryTrust(
            [.. trust.Array("targets")!.Select(t => Target((JsonObject)t!))],
            [.. (trust.Array("problems") ?? []).Select(p => p!.GetValue<string>())],
            trust.ContainsKey("expires") ? Time(trust, "expires") : new DateTimeOffset(2029, 1, 1, 0, 0, 0, TimeSpan.Zero)));

    private static RoleTarget Target(JsonObject target) => new(
        target.String("role")!, target.String("tag")!, Digest(target.String("digest")!), 1234, [.. target.Array("signers")!.Select(s => s!.GetValue<string>())]);

    private static DateTimeOffset Time(JsonObject given, string name) => given[name]!.Deserialize<DateTimeOffset>(JsonSerializerOptions.Web);
}
