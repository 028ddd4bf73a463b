using System.Net;
using System.Text;
using Portcullis.Core.Revisions;
using Portcullis.Kubernetes.Client;
using Portcullis.Sources.Validate;
using Portcullis.Testing;

namespace Portcullis.Tests.Sources;

/// <summary>Fields that did not ship with the program are refused, unless the server is newer than the program.</summary>
internal sealed class NewerServerTests
{
    private static readonly IReadOnlyList<RevisionFile> FutureFields =
        [new("a.yaml", new ManifestReader(CoreKinds.All).Read("apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\nspec: {containers: [{name: a}], teleportation: true}\n"u8.ToArray()))];

    [TestCase("1", "20", ExpectedResult = false)]
    [TestCase("1", "30+", ExpectedResult = false)]
    [TestCase("1", "999", ExpectedResult = true)]
    [TestCase("1", "999+", ExpectedResult = true)]
    [TestCase("2", "0", ExpectedResult = true)]
    [TestCase("1", "", ExpectedResult = true)]
    public Task<bool> Leaves_unknown_fields_to_a_server_that_is_newer(string major, string minor) =>
        AskAsync(FutureFields, HttpStatusCode.OK, $$"""{"major": "{{major}}", "minor": "{{minor}}"}""");

    [Test]
    public async Task A_server_that_does_not_say_its_version_may_be_newer() =>
        Assert.That(await AskAsync(FutureFields, HttpStatusCode.Forbidden, """{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403}"""), Is.True);

    [Test]
    public async Task Asks_nothing_where_every_field_is_known() =>
        Assert.That(await AskAsync([new("a.yaml", new ManifestReader(CoreKinds.All).Read("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n"u8.ToArray()))], HttpStatusCode.OK, "{}"), Is.False);

    private static async Task<bool> AskAsync(IReadOnlyList<RevisionFile> files, HttpStatusCode code, string body)
    {
        using var server = new Answer(code, body);
        using var http = new HttpClient(server) { BaseAddress = new Uri("http://server.example/") };
        return await NewerServer.JudgesUnknownFieldsAsync(new KubernetesClient(http), files, default);
    }

    private sealed class Answer(HttpStatusCode code, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(code) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
    }
}
