using System.Diagnostics;
using System.Text;
using Portcullis.Core.Organizations;
using Portcullis.Core.Trust;
using Portcullis.Core.Trust.Tuf;
using Portcullis.Objects;

namespace Portcullis.Core.Tests.Trust;

/// <summary>As many delegations as one TrustDelegation may have, each of them signed by its team: time that grows with their number, not with its square.</summary>
internal sealed class ManyDelegationsTests
{
    private const int Count = 5000;

    /// <summary>Some 50 times what it takes. Looking through all for each took minutes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TufKey Root = Key("root");
    private static readonly TufKey Targets = Key("targets");

    [TestCase("targets/team-{0}", Description = "all below targets")]
    [TestCase("targets/group-{0}/team", Description = "each below another")]
    public void Their_plan_and_report_take_no_time(string name)
    {
        var declared = DeclaredTrust.Of("dtr.example.com/admin/flask", "admin/flask", [Declared(name)]);
        var observed = new TrustObservation(declared, new ServerTrust.Present(Published(declared)))
        {
            RootCertificates = [Root],
            ServerKeys = new ServerKeys(Key("snapshot"), Key("timestamp")),
            Remembered = new RememberedTrust(declared.Digest, 1, 1, 1, 1),
        };

        var started = Stopwatch.GetTimestamp();
        var plan = TrustPlanner.Plan(observed, Now);
        var status = TrustStatus.Of(new TrustReport("admin/flask", observed, plan, []), null, isDetailed: true);

        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(Longest));
        Assert.That((plan.State, plan.Actions.Count, plan.Drift.Count), Is.EqualTo((TrustState.Published, 0, 0)), plan.Message);
        Assert.That((status.RoleCount, status.Roles!.Count), Is.EqualTo((declared.Roles.Count, 20)));
    }

    /// <summary>A signer names his tags as he likes.</summary>
    [Test]
    public void Tags_of_any_length_leave_room_in_the_status()
    {
        var declared = DeclaredTrust.Of("dtr.example.com/admin/flask", "admin/flask", [Declared("targets/team-{0}")]);
        var observed = new TrustObservation(declared, new ServerTrust.Missing());
        var plan = new TrustPlan(TrustState.Pending, new string('m', 1_000_000)) { Loses = [new string('t', 1_000_000)] };
        var status = TrustStatus.Of(new TrustReport("admin/flask", observed, plan, []), null, isDetailed: true);
        Assert.That((status.Message!.Length, status.LosesSignature!.Single().Length), Is.EqualTo((601, 601)));
    }

    [Test]
    public void A_team_of_many_is_looked_up_once_for_all_of_them()
    {
        var users = Enumerable.Range(0, Count).Select(i => FormattableString.Invariant($"user-{i}")).ToList();
        var organization = new OrganizationSpec { Users = [.. users.Select(u => new OrganizationUser { Name = u })], Teams = [new Team { Name = "release", Members = users }] };
        var declaration = Declaration([.. Enumerable.Range(0, Count).Select(i => new TrustRole { Name = FormattableString.Invariant($"targets/team-{i}"), Signers = [new TrustSigner { Team = "acme/release" }] })]);

        var started = Stopwatch.GetTimestamp();
        var resolved = ResolvedTrust.Of(declaration, _ => organization, new Dictionary<string, SecretKeys>(), Now);

        Assert.That(Stopwatch.GetElapsedTime(started), Is.LessThan(Longest));
        Assert.That(resolved.Problems.Select(p => p.Message), Has.Exactly(Count).EndsWith("has no key: nobody could sign for it"), "no member has a key");
    }

    private static ResolvedTrust Declared(string name)
    {
        var names = Enumerable.Range(0, Count).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, name, i)).ToList();
        var parents = names.Select(DelegationName.ParentOf).Where(p => p != DelegationName.Top);
        return new ResolvedTrust(Declaration([]))
        {
            RootKeys = [Root],
            TargetsKey = Targets,
            Roles = [.. names.Concat(parents).Select(n => new DeclaredRole(n, [new RoleSigner(Key(n), "acme/ann")], 1, [""]))],
            Held = new[] { Root.CanonicalId, Targets.CanonicalId }.ToHashSet(StringComparer.Ordinal),
        };
    }

    private static TrustDelegation Declaration(IReadOnlyList<TrustRole> roles) => new()
    {
        Metadata = new ObjectMeta { Name = "flask" },
        Spec = new TrustDelegationSpec { Registry = "dtr", Repositories = ["admin/flask"], Root = new TrustRoot { PublicKeys = ["pinned"] }, Roles = roles },
    };

    private static PublishedTrust Published(DeclaredTrust declared)
    {
        var below = declared.Roles.ToLookup(r => r.Parent, StringComparer.Ordinal);
        PublishedRole Role(string name, TufKey signer) => new(name, 1, Now.AddYears(2))
        {
            Signers = [signer.CanonicalId],
            Tags = ["1"],
            Delegations = [.. below[name].Select(r => new PublishedDelegation(r.Name, [r.Signers[0].Key], 1, [""]))],
        };
        return new PublishedTrust
        {
            Root = new PublishedRoot(1, Now.AddYears(9)) { RootKeys = [Root], TargetsKeys = [Targets], SnapshotKeys = [Key("snapshot")], TimestampKeys = [Key("timestamp")] },
            Targets = Role("targets", Targets),
            SnapshotExpires = Now.AddYears(2),
            Delegated = declared.Roles.ToDictionary(r => r.Name, r => Role(r.Name, r.Signers[0].Key), StringComparer.Ordinal),
        };
    }

    private static TufKey Key(string name) => new("ecdsa", Encoding.UTF8.GetBytes(name));
}
