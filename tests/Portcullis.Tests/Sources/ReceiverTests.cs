using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Sources.Receive;

namespace Portcullis.Tests.Sources;

/// <summary>Push notices over HTTP, as each forge signs them.</summary>
internal sealed class ReceiverTests
{
    private const string Token = "shared-s3cret";
    private const string Body = """{"ref":"refs/heads/main"}""";

    private SourceWorld _world = null!;
    private HttpClient _http = null!;
    private string _github = "";
    private string _gitlab = "";

    [SetUp]
    public async Task SetUp()
    {
        _world = await SourceWorld.StartAsync(running: false);
        await _world.StartOperatorAsync(receiverPort: 0);
        await SecretAsync("hook", Token);
        _world.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await _world.SourceAsync(more: "  receivers:\n  - {type: github, secretRef: {name: hook}}\n  - {type: gitlab, secretRef: {name: hook}}\n");
        var source = await _world.ReadyAsync(_world.Git.Head);
        _github = source.Status!.ReceiverPaths![0];
        _gitlab = source.Status.ReceiverPaths[1];
        _http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(_world.Services.GetRequiredService<ReceiverServer>().Address!) };
    }

    [TearDown]
    public async Task TearDown()
    {
        _http.Dispose();
        await _world.DisposeAsync();
    }

    [Test]
    public async Task A_signed_notice_is_taken_and_an_unsigned_one_is_not()
    {
        Assert.Multiple(async () =>
        {
            Assert.That(await PostAsync(_github, Body, ("X-Hub-Signature-256", Sign(Body)), ("X-GitHub-Event", "push")), Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(await PostAsync(_github, Body, ("X-Hub-Signature-256", Sign("other")), ("X-GitHub-Event", "push")), Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await PostAsync(_github, Body), Is.EqualTo(HttpStatusCode.Unauthorized));
            Assert.That(await PostAsync("/hook/" + new string('0', 64), Body), Is.EqualTo(HttpStatusCode.NotFound));
            Assert.That((await _http.GetAsync(new Uri(_github, UriKind.Relative))).StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        });
    }

    [Test]
    public async Task Receivers_that_share_a_Secret_are_all_heard_and_a_line_end_in_it_does_not_count()
    {
        await SecretAsync("hook", Token + "\\n");
        await _world.StatusAsync(s => s.Status!.ReceiverPaths is [{ Length: > 0 }, { Length: > 0 }]);

        Assert.That(_github, Is.Not.EqualTo(_gitlab));
        Assert.That(await PostAsync(_github, Body, ("X-Hub-Signature-256", Sign(Body)), ("X-GitHub-Event", "push")), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await PostAsync(_gitlab, Body, ("X-Gitlab-Token", Token), ("X-Gitlab-Event", "Tag Push Hook")), Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task A_refused_notice_is_told_on_the_source()
    {
        await PostAsync(_gitlab, Body, ("X-Gitlab-Token", "other"));
        await PostAsync(_github, Body, ("X-Gitlab-Token", Token));

        await _world.EventAsync("NotificationRefused", "spec.receivers[1]", "the header X-Gitlab-Token does not match the key token of the Secret hook");
        await _world.EventAsync("NotificationRefused", "spec.receivers[0]", "it has no header X-Hub-Signature-256");
    }

    [Test]
    public async Task A_receiver_without_its_Secret_is_told_until_the_Secret_is_there()
    {
        await _world.SourceAsync(more: "  receivers:\n  - {type: github, secretRef: {name: late}}\n");

        var waiting = await _world.StatusAsync(s => SourceWorld.Ready(s) is { Status: not "True", Reason: "SecretNotUsable" });
        Assert.That(SourceWorld.Ready(waiting)!.Message, Does.StartWith("spec.receivers[0]: there is no Secret late in the namespace portcullis-system"));

        await SecretAsync("late", Token);
        Assert.That((await _world.ReadyAsync(_world.Git.Head)).Status!.ReceiverPaths, Has.Count.EqualTo(1).And.None.Empty);
    }

    [Test]
    public async Task A_body_beyond_3_MiB_is_refused_and_so_is_a_flood()
    {
        var large = new string('x', NoticeBody.Limit + 1);
        var refused = await PostAsync(_github, large, ("X-Hub-Signature-256", Sign(large)));
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 30; i++)
        {
            answers.Add(await PostAsync(_github, Body, ("X-Hub-Signature-256", Sign(Body))));
        }

        Assert.That(refused, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(answers, Has.Some.EqualTo(HttpStatusCode.TooManyRequests));
    }

    [Test]
    public async Task Notices_that_are_not_good_use_up_nothing_of_those_that_are()
    {
        for (var i = 0; i < 30; i++)
        {
            Assert.That(await PostAsync(_github, Body, ("X-Hub-Signature-256", Sign("other"))), Is.EqualTo(HttpStatusCode.Unauthorized));
        }

        Assert.That(await PostAsync(_github, Body, ("X-Hub-Signature-256", Sign(Body)), ("X-GitHub-Event", "push")), Is.EqualTo(HttpStatusCode.Accepted));
    }

    [Test]
    public async Task A_Secret_is_not_read_for_each_notice()
    {
        var reads = 0;
        var clock = new Testing.ManualTimeProvider();
        var tokens = new NoticeTokens(clock);
        Task<string?> Read(CancellationToken cancellationToken) => Task.FromResult<string?>($"{Interlocked.Increment(ref reads)}");

        Assert.That(await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => tokens.OfAsync("/registry/main", Read))), Is.All.EqualTo("1"));
        Assert.That(await tokens.OfAsync("/registry/other", Read), Is.EqualTo("2"));
        clock.Advance(TimeSpan.FromSeconds(6));
        Assert.That(await tokens.OfAsync("/registry/main", Read), Is.EqualTo("3"));
    }

    /// <summary>Gitea signs in two headers, and whoever has seen a notice may change the one that he does not need.</summary>
    [Test]
    public async Task A_copy_of_a_notice_of_Gitea_is_told_by_the_signature_that_matches()
    {
        await _world.SourceAsync(more: "  receivers:\n  - {type: gitea, secretRef: {name: hook}}\n");
        var path = (await _world.StatusAsync(s => s.Status!.ReceiverPaths is [{ Length: > 0 }] && s.Status.ObservedGeneration == s.Metadata.Generation)).Status!.ReceiverPaths![0];
        (string, string) hub = ("X-Hub-Signature-256", Sign(Body));

        Assert.That(await PostAsync(path, Body, hub, ("X-Gitea-Signature", Sign(Body)["sha256=".Length..]), ("X-Gitea-Delivery", "1")), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await PostAsync(path, Body, hub, ("X-Gitea-Signature", "another"), ("X-Gitea-Delivery", "2")), Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await PostAsync(path, Body, hub, ("X-Gitea-Delivery", "3")), Is.EqualTo(HttpStatusCode.Conflict));
    }

    [Test]
    public void Each_forge_is_checked_in_its_own_way()
    {
        var bytes = Encoding.UTF8.GetBytes(Body);
        bool Good(Core.Sources.ReceiverType type, string header, string value) =>
            NotificationSignature.IsGood(type, new Microsoft.AspNetCore.Http.HeaderDictionary { [header] = value }, bytes, Token);

        Assert.Multiple(() =>
        {
            Assert.That(Good(Core.Sources.ReceiverType.GitLab, "X-Gitlab-Token", Token), Is.True);
            Assert.That(Good(Core.Sources.ReceiverType.GitLab, "X-Gitlab-Token", Token + "x"), Is.False);
            Assert.That(Good(Core.Sources.ReceiverType.Gitea, "X-Gitea-Signature", Sign(Body)["sha256=".Length..]), Is.True);
            Assert.That(Good(Core.Sources.ReceiverType.GenericHmac, "X-Signature", Sign(Body)), Is.True);
            Assert.That(Good(Core.Sources.ReceiverType.Gitea, "X-Hub-Signature-256", Sign(Body)), Is.True);
            Assert.That(Good(Core.Sources.ReceiverType.GenericHmac, "X-Signature", ""), Is.False);
            Assert.That(Good(Core.Sources.ReceiverType.GitHub, "X-Hub-Signature-256", Sign("other")), Is.False);
        });
    }

    [Test]
    public void A_notice_seen_before_does_not_count_again()
    {
        var clock = new Testing.ManualTimeProvider();
        var limits = new NotificationLimits(clock);

        Assert.That(limits.Judge("root", "1", "x"), Is.EqualTo(NoticeKind.New));
        Assert.That(limits.Judge("root", "1", "x"), Is.EqualTo(NoticeKind.Repeated));
        Assert.That(limits.Judge("team", "1", "x"), Is.EqualTo(NoticeKind.New));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.That(limits.Judge("root", "1", "x"), Is.EqualTo(NoticeKind.New));
    }

    [Test]
    public void What_was_signed_once_does_not_count_again_under_another_number_or_none()
    {
        var limits = new NotificationLimits(new Testing.ManualTimeProvider());

        Assert.That(limits.Judge("root", "1", "x"), Is.EqualTo(NoticeKind.New));
        Assert.That(limits.Judge("root", "2", "x"), Is.EqualTo(NoticeKind.Copied));
        Assert.That(limits.Judge("root", null, "x"), Is.EqualTo(NoticeKind.Copied));
        Assert.That(limits.Judge("root", "2", "y"), Is.EqualTo(NoticeKind.New), "a copy does not use its number up");
        Assert.That(new[] { limits.Judge("root", null, "z"), limits.Judge("root", null, "z") }, Is.All.EqualTo(NoticeKind.New), "a sender without numbers may say the same again");
        Assert.That(new[] { limits.Judge("root", "3", null), limits.Judge("root", "4", null) }, Is.All.EqualTo(NoticeKind.New), "not every forge signs");
    }

    [Test]
    public async Task A_notice_that_is_sent_again_under_another_number_is_refused()
    {
        (string, string)[] signed = [("X-Hub-Signature-256", Sign(Body)), ("X-GitHub-Event", "push")];
        Assert.That(await PostAsync(_github, Body, [.. signed, ("X-GitHub-Delivery", "1")]), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await PostAsync(_github, Body, [.. signed, ("X-GitHub-Delivery", "1")]), Is.EqualTo(HttpStatusCode.Accepted), "the forge itself sends it again");
        Assert.That(await PostAsync(_github, Body, [.. signed, ("X-GitHub-Delivery", "2")]), Is.EqualTo(HttpStatusCode.Conflict));
        await _world.EventAsync("NotificationRefused", "spec.receivers[0]", "the same content was received before under another delivery id");
    }

    [Test]
    public async Task A_sender_of_our_own_way_signs_the_number_with_the_body()
    {
        await _world.SourceAsync(more: "  receivers:\n  - {type: generic-hmac, secretRef: {name: hook}}\n");
        var path = (await _world.StatusAsync(s => s.Status!.ReceiverPaths is [{ Length: > 0 }] && s.Status.ObservedGeneration == s.Metadata.Generation)).Status!.ReceiverPaths![0];

        Assert.That(await PostAsync(path, Body, ("X-Signature", Sign(Body))), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await PostAsync(path, Body, ("X-Signature", Sign("1." + Body)), ("webhook-id", "1")), Is.EqualTo(HttpStatusCode.Accepted));
        Assert.That(await PostAsync(path, Body, ("X-Signature", Sign(Body)), ("webhook-id", "2")), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await PostAsync(path, Body, ("X-Signature", Sign("1." + Body)), ("webhook-id", "2")), Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(await PostAsync(path, Body, ("X-Signature", Sign("1." + Body))), Is.EqualTo(HttpStatusCode.Unauthorized));
    }

    [Test]
    public async Task The_path_is_no_digest_of_what_others_know_and_stays_over_a_restart()
    {
        foreach (var text in new[] { $"{Token}\nGitHub\nroot", Token, $"{Token}\nroot" })
        {
            Assert.That(_github, Does.Not.Contain(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))));
        }

        await _world.StopOperatorAsync();
        await _world.Client.ApplyStatusAsync(
            Core.Sources.GitSource.Definition,
            new System.Text.Json.Nodes.JsonObject
            {
                ["apiVersion"] = "portcullis.dev/v1alpha1",
                ["kind"] = "GitSource",
                ["metadata"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "root" },
                ["status"] = new System.Text.Json.Nodes.JsonObject { ["receiverPaths"] = new System.Text.Json.Nodes.JsonArray() },
            },
            new Kubernetes.Client.WriteOptions("by-hand"),
            default);
        await _world.StartOperatorAsync(receiverPort: 0);

        await _world.StatusAsync(s => s.Status!.ReceiverPaths is [{ } first, _] && first == _github);
    }

    [Test]
    public async Task Another_installation_has_other_paths()
    {
        await using var other = await SourceWorld.StartAsync();
        await other.Cluster.ApplyAsync(
            $"apiVersion: v1\nkind: Secret\nmetadata:\n  name: hook\n  namespace: portcullis-system\n  labels: {{portcullis.dev/allowed-source: root}}\nstringData: {{token: \"{Token}\"}}\n");
        other.Git.Write("a.yaml", SourceWorld.ConfigMap("a")).Commit();
        await other.SourceAsync(more: "  receivers:\n  - {type: github, secretRef: {name: hook}}\n");

        Assert.That((await other.ReadyAsync(other.Git.Head)).Status!.ReceiverPaths!.Single(), Does.StartWith("/hook/").And.Not.EqualTo(_github));
    }

    private Task SecretAsync(string name, string token) => _world.Cluster.ApplyAsync(
        $"apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\n  namespace: portcullis-system\n  labels: {{portcullis.dev/allowed-source: root}}\nstringData: {{token: \"{token}\"}}\n");

    private async Task<HttpStatusCode> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        request.Headers.ExpectContinue = body.Length > 100_000;
        using var answer = await _http.SendAsync(request);
        return answer.StatusCode;
    }

    private static string Sign(string body) =>
        "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Token), Encoding.UTF8.GetBytes(body)));
}
