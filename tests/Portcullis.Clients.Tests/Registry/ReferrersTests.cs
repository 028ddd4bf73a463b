using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Portcullis.Clients.Registry;
using Portcullis.Testing;
using Portcullis.Testing.Registries;

namespace Portcullis.Clients.Tests.Registry;

/// <summary>Registries that keep lists of referrers, as docker-registry 2.8 does not, and fallback tags that are not as they should be.</summary>
[TestFixture]
internal sealed class ReferrersTests
{
    private static readonly RegistryManifest Image = ImageBuilder.Small().Manifest;
    private static readonly RegistryManifest Signature = new ImageBuilder(2).BuildReferrer(Image, "application/x-signature").Manifest;
    private static readonly RegistryManifest Report = new ImageBuilder(3).WithAnnotation("by", "ann").BuildReferrer(Image, "application/x-report").Manifest;
    private static readonly string FallbackPath = $"/v2/a/b/manifests/{RegistryReferrers.FallbackTag(Image.Digest)}";
    private ScriptedRegistry _registry = null!;

    [SetUp]
    public async Task StartAsync() => _registry = await ScriptedRegistry.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _registry.DisposeAsync();

    [Test]
    public async Task The_registrys_own_list_is_read_to_its_end_and_filtered_here_too()
    {
        _registry.On($"/v2/a/b/referrers/{Image.Digest}", async context =>
        {
            var first = !context.Request.Query.ContainsKey("page");
            context.Response.Headers.Link = first ? "<?page=2>; rel=\"next\"" : "";
            await context.Response.WriteAsync(ListOf(first ? Entry(Signature, "application/x-signature") : Entry(Report, "application/x-report")).ToJsonString());
        });
        var client = _registry.Client();

        Assert.That((await client.Referrers.ListAsync("a/b", Image.Digest, null, default)).Select(r => r.Digest), Is.EqualTo(new[] { Signature.Digest, Report.Digest }));
        Assert.That((await client.Referrers.ListAsync("a/b", Image.Digest, "application/x-report", default)).Select(r => r.Digest), Is.EqualTo(new[] { Report.Digest }));
        Assert.That(_registry.Seen, Does.Contain($"GET /v2/a/b/referrers/{Image.Digest}?artifactType=application%2Fx-report"));
        Assert.That(_registry.Seen, Has.None.Contains("/manifests/"));
    }

    [Test]
    public async Task A_registry_that_enters_a_referrer_by_itself_gets_no_fallback_tag()
    {
        _registry.On($"/v2/a/b/manifests/{Signature.Digest}", 201, "", ("OCI-Subject", Image.Digest));

        await _registry.Client().Referrers.AttachAsync("a/b", Signature, null, default);

        Assert.That(_registry.Seen, Is.EqualTo(new[] { $"PUT /v2/a/b/manifests/{Signature.Digest}" }));
    }

    [Test]
    public async Task A_list_under_the_fallback_tag_keeps_all_that_it_has()
    {
        var list = ListOf(Entry(Signature, "application/x-signature"));
        list["annotations"] = new JsonObject { ["kept"] = "yes" };
        list["manifests"]![0]!["unknown"] = 7;
        var written = Fallback(list);

        await _registry.Client().Referrers.AttachAsync("a/b", Report, null, default);

        var text = await written.Task;
        var now = JsonNode.Parse(text)!;
        Assert.That((now["annotations"]!["kept"]!.GetValue<string>(), now["manifests"]![0]!["unknown"]!.GetValue<int>()), Is.EqualTo(("yes", 7)));
        Assert.That(text, Does.Contain(
            $$$"""{"mediaType":"{{{RegistryMediaTypes.OciManifest}}}","digest":"{{{Report.Digest}}}","size":{{{Report.Bytes.Length}}},"artifactType":"application/x-report","annotations":{"by":"ann"}}"""));
    }

    [Test]
    public async Task A_registry_that_knows_no_lists_is_asked_for_one_once_a_minute_and_for_the_fallback_tag_each_time()
    {
        var clock = new ManualTimeProvider();
        var client = _registry.Client(new RegistryClientOptions { Time = clock });
        await client.Referrers.ListAsync("a/b", Image.Digest, null, default);
        await client.Referrers.ListAsync("a/c", Image.Digest, null, default);
        Assert.That(Asked(), Is.EqualTo((1, 2)));

        clock.Advance(TimeSpan.FromMinutes(1));
        await client.Referrers.ListAsync("a/b", Image.Digest, null, default);

        Assert.That(Asked(), Is.EqualTo((2, 3)));
    }

    [Test]
    public async Task Many_at_once_ask_a_registry_that_knows_no_lists_once()
    {
        var client = _registry.Client();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => client.Referrers.ListAsync($"a/r{i}", Image.Digest, null, default)));
        Assert.That(Asked(), Is.EqualTo((1, 20)));
    }

    [Test]
    public async Task A_registry_that_only_has_no_such_repository_is_asked_again()
    {
        _registry.On($"/v2/a/b/referrers/{Image.Digest}", 404, """{"errors":[{"code":"NAME_UNKNOWN"}]}""", ("Content-Type", "application/json"));
        var client = _registry.Client();

        await client.Referrers.ListAsync("a/b", Image.Digest, null, default);
        await client.Referrers.ListAsync("a/b", Image.Digest, null, default);

        Assert.That(Asked(), Is.EqualTo((2, 2)));
    }

    [Test]
    public async Task Who_adds_to_lists_by_himself_gets_the_referrer_alone_and_the_list_is_not_read()
    {
        _registry.On($"/v2/a/b/manifests/{Report.Digest}", 201);
        var writer = new AddingWriter();

        await _registry.Client().Referrers.AttachAsync("a/b", Report, writer, default);

        Assert.That(writer.Written!.View().Manifests.Select(m => m.Digest), Is.EqualTo(new[] { Report.Digest }));
        Assert.That(Asked(), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task An_image_under_the_fallback_tag_is_not_overwritten()
    {
        var written = Fallback(new JsonObject { ["layers"] = new JsonArray() });

        var refused = (await Assert.ThrowsAsync<RegistryException>(() => _registry.Client().Referrers.AttachAsync("a/b", Report, null, default)))!;

        Assert.That((refused.Kind, written.Task.IsCompleted), Is.EqualTo((RegistryFailure.Refused, false)));
    }

    [Test]
    public async Task What_has_no_subject_is_attached_to_nothing()
    {
        var refused = (await Assert.ThrowsAsync<RegistryException>(() => _registry.Client().Referrers.AttachAsync("a/b", Image, null, default)))!;

        Assert.That((refused.Kind, _registry.Seen.Count), Is.EqualTo((RegistryFailure.Invalid, 0)));
    }

    [TestCase(202, TagDeletion.Deleted)]
    [TestCase(404, TagDeletion.NotFound)]
    [TestCase(400, TagDeletion.Unsupported)]
    [TestCase(405, TagDeletion.Unsupported)]
    public async Task What_became_of_a_tags_deletion_is_a_value(int status, TagDeletion expected)
    {
        _registry.On("/v2/a/b/manifests/1", status);

        Assert.That(await _registry.Client().Manifests.DeleteTagAsync("a/b", "1", default), Is.EqualTo(expected));
    }

    /// <summary>How often for the registry's own list, and for a fallback tag.</summary>
    private (int List, int Fallback) Asked() => (_registry.Seen.Count(s => s.Contains("/referrers/", StringComparison.Ordinal)), _registry.Seen.Count(s => s.Contains("/manifests/sha256-", StringComparison.Ordinal)));

    private sealed class AddingWriter : IManifestWriter
    {
        public RegistryManifest? Written { get; private set; }

        public bool AddsToLists => true;

        public Task<ManifestReceipt> PutAsync(string repository, string reference, RegistryManifest manifest, CancellationToken cancellationToken)
        {
            Written = manifest;
            return Task.FromResult(new ManifestReceipt(manifest.Digest, null));
        }
    }

    /// <summary>Gives this document under the fallback tag, and what is written there.</summary>
    private TaskCompletionSource<string> Fallback(JsonObject document)
    {
        var written = new TaskCompletionSource<string>();
        _registry.On($"/v2/a/b/manifests/{Report.Digest}", 201).On(FallbackPath, async context =>
        {
            if (context.Request.Method == "PUT")
            {
                using var body = new StreamReader(context.Request.Body, Encoding.UTF8);
                context.Response.StatusCode = 201;
                written.TrySetResult(await body.ReadToEndAsync());
                return;
            }

            context.Response.ContentType = document.ContainsKey("manifests") ? RegistryMediaTypes.OciIndex : RegistryMediaTypes.OciManifest;
            await context.Response.WriteAsync(document.ToJsonString());
        });
        return written;
    }

    private static JsonObject ListOf(params JsonNode[] entries) => new() { ["schemaVersion"] = 2, ["manifests"] = new JsonArray(entries) };

    private static JsonObject Entry(RegistryManifest manifest, string artifactType) => new()
    {
        ["mediaType"] = manifest.MediaType, ["digest"] = manifest.Digest, ["size"] = manifest.Bytes.Length, ["artifactType"] = artifactType,
    };
}
