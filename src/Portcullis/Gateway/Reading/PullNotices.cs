using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Core.Repositories;
using Portcullis.Core.Webhooks;
using Portcullis.Kubernetes.Client;
using Portcullis.Repositories.Writes;

namespace Portcullis.Gateway.Reading;

/// <summary>
/// Records pulls behind the back of those who pull, and only where a webhook asks for them. When more come than can be recorded, the oldest are dropped:
/// a pull never waits for a notification of it.
/// </summary>
internal sealed partial class PullNotices(INotices notices, DeclaredRepositories declared, TimeProvider time, ILogger<PullNotices> logger) : BackgroundService, IRegistryEvents
{
    private const int MostWaiting = 10_000;

    private readonly Channel<(RepositoryId Repository, RepositoryNotice Notice)> _waiting =
        Channel.CreateBounded<(RepositoryId, RepositoryNotice)>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    public void Pulled(RepositoryId repository, string? tag, string digest, string? by)
    {
        if (tag is not null && notices.AreWanted(repository, WebhookEvent.TagPull))
        {
            _waiting.Writer.TryWrite((repository, new RepositoryNotice.OfTag(
                WebhookEvent.TagPull, time.GetUtcNow(), declared.HostOf(repository.Registry), repository.Name, tag, digest) { Author = by }));
        }

        if (notices.AreWanted(repository, WebhookEvent.ManifestPull))
        {
            _waiting.Writer.TryWrite((repository, new RepositoryNotice.OfManifest(
                WebhookEvent.ManifestPull, time.GetUtcNow(), declared.HostOf(repository.Registry), repository.Name, digest) { Author = by }));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var (repository, notice) in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await notices.RecordAsync(repository, notice, Guid.NewGuid().ToString("n"), stoppingToken);
            }
            catch (Exception e) when (e is KubernetesApiException or HttpRequestException)
            {
                Log.Dropped(logger, repository, e.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(7230, LogLevel.Warning, "The notification of a pull from {Repository} is lost: {Error}")]
        public static partial void Dropped(ILogger logger, RepositoryId repository, string error);
    }
}
