using System.Net;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Notary;
using Portcullis.Clients.Registry;
using Portcullis.Clients.Tests.Registry;
using Portcullis.Testing;

namespace Portcullis.Clients.Tests.Notary;

/// <summary>Names that are none, and servers that answer as no Notary server does.</summary>
[TestFixture]
internal sealed class BadNotaryTests
{
    private const string Gun = "localhost:5000/team/app";
    private const string RootPath = "/v2/localhost:5000/team/app/_trust/tuf/root.json";
    private const string FeedPath = "/v2/_trust/changefeed";
    private const int Limit = 1000;
    private ScriptedRegistry _server = null!;

    [SetUp]
    public async Task StartAsync() => _server = await ScriptedRegistry.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCase("")]
    [TestCase("host")]
    [TestCase("host/..")]
    [TestCase("host/../other")]
    [TestCase("host//app")]
    [TestCase("/host/app")]
    [TestCase("host/app/")]
    [TestCase("host/app?x")]
    [TestCase("host/app#x")]
    [TestCase("host/a%2fb")]
    [TestCase("host/App")]
    [TestCase("host:/app")]
    [TestCase("host/a b")]
    [TestCase("host/app\n")]
    public async Task What_is_no_name_of_trust_data_is_never_asked_for(string gun)
    {
        var client = _server.Notary();
        Func<Task>[] calls =
        [
            () => client.GetAsync(gun, MetadataName.Latest("root"), Limit, default), () => client.GetKeyAsync(gun, "snapshot", default),
            () => client.RotateKeyAsync(gun, "snapshot", default), () => client.DeleteAsync(gun, default), () => client.ChangesAsync(gun, null, 1, default),
            () => client.PublishAsync(gun, new Dictionary<string, ReadOnlyMemory<byte>>(), default),
        ];
        foreach (var call in calls)
        {
            Assert.That((await FailureAsync(call)).Kind, Is.EqualTo(NotaryFailure.Invalid));
        }

        Assert.That(_server.Seen, Is.Empty);
    }

    [TestCase("")]
    [TestCase("roots")]
    [TestCase("targets/")]
    [TestCase("targets/../root")]
    [TestCase("targets/a?b")]
    [TestCase("targets/A")]
    [TestCase("Root")]
    public async Task What_is_no_role_is_never_asked_for(string role)
    {
        var client = _server.Notary();
        foreach (var name in (MetadataName[])[MetadataName.Latest(role), MetadataName.OfVersion(role, 1), MetadataName.OfChecksum(role, new string('a', 64))])
        {
            Assert.That((await FailureAsync(() => client.GetAsync(Gun, name, Limit, default))).Kind, Is.EqualTo(NotaryFailure.Invalid));
        }

        Assert.That((await FailureAsync(() => client.PublishAsync(Gun, new Dictionary<string, ReadOnlyMemory<byte>> { [role] = default }, default))).Kind, Is.EqualTo(NotaryFailure.Invalid));
        Assert.That(_server.Seen, Is.Empty);
    }

    [Test]
    public async Task Versions_below_one_and_checksums_that_are_none_are_never_asked_for()
    {
        var client = _server.Notary();
        foreach (var name in (MetadataName[])[MetadataName.OfVersion("root", 0), MetadataName.OfVersion("root", -1), MetadataName.OfChecksum("root", "../x"), MetadataName.OfChecksum("root", new string('a', 63))])
        {
            Assert.That((await FailureAsync(() => client.GetAsync(Gun, name, Limit, default))).Kind, Is.EqualTo(NotaryFailure.Invalid), name.ToString());
        }

        Assert.That(_server.Seen, Is.Empty);
    }

    [TestCase(404, "not a notary server", NotaryFailure.NotFound)]
    [TestCase(401, "", NotaryFailure.Unauthorized)]
    [TestCase(403, "", NotaryFailure.Denied)]
    [TestCase(400, """{"errors":[{"code":"INVALID_ROLE","message":"m","detail":"root"}]}""", NotaryFailure.Invalid)]
    [TestCase(400, """{"errors":[{"code":"INVALID_UPDATE","message":"m","detail":[1]}]}""", NotaryFailure.Invalid)]
    [TestCase(400, """{"errors":[{"code":"VERSION","message":"m","detail":{}}]}""", NotaryFailure.Conflict)]
    [TestCase(405, "", NotaryFailure.Unsupported)]
    [TestCase(302, "", NotaryFailure.Refused)]
    [TestCase(201, "", NotaryFailure.Damaged)]
    public async Task A_refusal_is_named_by_its_kind(int status, string body, NotaryFailure kind)
    {
        _server.On(RootPath, Answering(status, body));
        var failure = await FailureAsync(() => _server.Notary().GetAsync(Gun, MetadataName.Latest("root"), Limit, default));
        Assert.That((failure.Kind, (int?)failure.Status), Is.EqualTo((kind, status)));
        Assert.That(failure.Message, Does.Contain($"{RootPath}: {status}"));
    }

    [Test]
    public async Task Only_the_servers_own_answer_means_that_there_is_no_metadata()
    {
        _server.On(RootPath, Answering(404, """{"errors":[{"code":"METADATA_NOT_FOUND","message":"m","detail":null}]}"""));
        Assert.That(await _server.Notary().GetAsync(Gun, MetadataName.Latest("root"), Limit, default), Is.Null);
    }

    [Test]
    public async Task More_than_was_asked_for_is_refused_with_and_without_a_length()
    {
        _server.On(RootPath, Answering(200, new string('x', Limit)));
        Assert.That(await _server.Notary().GetAsync(Gun, MetadataName.Latest("root"), Limit, default), Has.Length.EqualTo(Limit));
        foreach (var known in (bool[])[true, false])
        {
            _server.On(RootPath, async context =>
            {
                context.Response.ContentLength = known ? Limit + 1 : null;
                await context.Response.WriteAsync(new string('x', Limit + 1));
            });
            Assert.That((await FailureAsync(() => _server.Notary().GetAsync(Gun, MetadataName.Latest("root"), Limit, default))).Kind, Is.EqualTo(NotaryFailure.Refused));
        }
    }

    [Test]
    public async Task A_server_that_never_answers_is_unavailable_after_a_while()
    {
        _server.On(RootPath, context => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted));
        var client = _server.Notary(new RegistryClientOptions { Patience = TimeSpan.FromMilliseconds(100) });
        var failure = await FailureAsync(() => client.GetAsync(Gun, MetadataName.Latest("root"), Limit, default));
        Assert.That((failure.Kind, failure.IsTransient), Is.EqualTo((NotaryFailure.Unavailable, true)));
    }

    [Test]
    public async Task A_publication_is_sent_once_whatever_the_server_answers()
    {
        _server.On("/v2/localhost:5000/team/app/_trust/tuf/", Answering(500, ""));
        var failure = await FailureAsync(() => _server.Notary().PublishAsync(Gun, new Dictionary<string, ReadOnlyMemory<byte>> { ["root"] = "{}"u8.ToArray() }, default));
        Assert.That(failure.Kind, Is.EqualTo(NotaryFailure.Unavailable));
        Assert.That(_server.Seen, Has.Count.EqualTo(1));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("""{"records":[null]}""")]
    [TestCase("""{"records":[{"ID":"1"}]}""")]
    [TestCase("""{"records":[{"GUN":"a/b"}]}""")]
    [TestCase("""{"records":[{"ID":{},"GUN":"a/b"}]}""")]
    [TestCase("""{"records":[{"ID":"\ud800","GUN":"a/b"}]}""")]
    [TestCase("""{"records":[{"ID":"1","GUN":"\ud800"}]}""")]
    [TestCase("""{"records":[{"ID":"1","GUN":"a/b","CreatedAt":"yesterday"}]}""")]
    public async Task A_changefeed_that_is_none_is_damaged(string body)
    {
        _server.On(FeedPath, Answering(200, body));
        Assert.That((await FailureAsync(() => _server.Notary().ChangesAsync(null, null, 1, default))).Kind, Is.EqualTo(NotaryFailure.Damaged));
    }

    [TestCase("""{"count":0,"records":null}""", "")]
    [TestCase("""{"count":1,"records":[{"ID":7,"GUN":"a/b","Version":3,"Category":"update"}]}""", "7 a/b")]
    [TestCase("""{"count":1,"records":[{"ID":"7","GUN":"a/b","Version":0,"Category":"deletion"}]}""", "7 a/b deleted")]
    public async Task Both_forms_of_a_changefeed_are_read(string body, string expected)
    {
        _server.On(FeedPath, Answering(200, body));
        var changes = await _server.Notary().ChangesAsync(null, null, 1, default);
        Assert.That(string.Join(';', changes.Select(c => $"{c.Id} {c.Gun}{(c.IsDeletion ? " deleted" : "")}")), Is.EqualTo(expected));
    }

    /// <summary>Each byte alone would be progress, and five megabytes of them would take two months.</summary>
    [Test]
    public async Task An_answer_that_does_not_come_to_its_end_is_given_up()
    {
        var (time, begun) = (new ManualTimeProvider(), new TaskCompletionSource());
        _server.On(RootPath, async context =>
        {
            await context.Response.WriteAsync("{");
            await context.Response.Body.FlushAsync();
            begun.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
        });
        var asked = FailureAsync(() => _server.Notary(new RegistryClientOptions { Time = time, Patience = TimeSpan.FromHours(1) }).GetAsync(Gun, MetadataName.Latest("root"), Limit, default));
        await begun.Task;
        time.Advance(TimeSpan.FromMinutes(2));
        var failure = await asked;
        Assert.That((failure.Kind, failure.Message), Is.EqualTo((NotaryFailure.Unavailable, $"{_server.Notary().Endpoint} has not given a whole answer within 120 s")));
    }

    [TestCase(400)]
    [TestCase(403)]
    public async Task Only_a_404_says_that_there_is_no_metadata(int status)
    {
        _server.On(RootPath, Answering(status, """{"errors":[{"code":"METADATA_NOT_FOUND","message":"m"}]}"""));
        await FailureAsync(() => _server.Notary().GetAsync(Gun, MetadataName.Latest("root"), Limit, default));
    }

    private static RequestDelegate Answering(int status, string body) => async context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = status == (int)HttpStatusCode.Found ? "https://127.0.0.1:1/" : default;
        await context.Response.WriteAsync(body);
    };

    private static async Task<NotaryException> FailureAsync(Func<Task> call) => (await Assert.ThrowsAsync<NotaryException>(call))!;
}
