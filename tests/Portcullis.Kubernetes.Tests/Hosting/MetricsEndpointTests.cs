using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Portcullis.Kubernetes.Hosting;
using Prometheus;

namespace Portcullis.Kubernetes.Tests.Hosting;

/// <summary>What a scraper gets.</summary>
[TestFixture]
internal sealed class MetricsEndpointTests
{
    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private WebApplication _server = null!;
    private HttpClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        Metrics.WithCustomRegistry(_registry).CreateCounter("visits_total", "Visits.", ["from"]).WithLabels("a \"b\"\n\\").Inc(2);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        _server = builder.Build();
        _server.MapPrometheusMetrics(_registry);
        await _server.StartAsync();
        _client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(_server.Urls.Single()) };
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Test]
    public async Task The_text_holds_what_was_measured_here_and_nothing_of_the_process()
    {
        var (type, text) = await GetAsync("*/*");
        Assert.That(type, Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(text, Is.EqualTo("# HELP visits_total Visits.\n# TYPE visits_total counter\nvisits_total{from=\"a \\\"b\\\"\\n\\\\\"} 2\n"));
    }

    [Test]
    public async Task A_scraper_that_asks_for_it_gets_open_metrics()
    {
        var (type, text) = await GetAsync("application/openmetrics-text; version=1.0.0; charset=utf-8, text/plain; version=0.0.4; q=0.5");
        Assert.That(type, Is.EqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8"));
        Assert.That(text, Does.Contain("# TYPE visits counter\n").And.EndsWith("# EOF\n"));
    }

    [Test]
    public async Task Nothing_can_be_sent_to_it()
    {
        using var content = new StringContent("x");
        using var answer = await _client.PostAsync(new Uri("/metrics", UriKind.Relative), content);
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    private async Task<(string? Type, string Text)> GetAsync(string accept)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/metrics", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _client.SendAsync(request);
        return (answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsStringAsync());
    }
}
