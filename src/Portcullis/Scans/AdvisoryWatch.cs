using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portcullis.Objects.Json;
using Portcullis.Scanning.Advisories;

namespace Portcullis.Scans;

/// <summary>Notices that the file of the vulnerability database was replaced, and has the images judged again that it concerns. From time to time it cleans the store.</summary>
internal sealed partial class AdvisoryWatch(Advisories advisories, Rematch rematch, ScanOptions options, TimeProvider time, ILogger<AdvisoryWatch> logger) : BackgroundService
{
    private static readonly TimeSpan CleanEvery = TimeSpan.FromHours(6);

    private string? _reported;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        rematch.Started();
        var cleaned = time.GetTimestamp();
        using var timer = new PeriodicTimer(options.LookEvery, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
                if (time.GetElapsedTime(cleaned) >= CleanEvery)
                {
                    rematch.Clean();
                    cleaned = time.GetTimestamp();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private void Look()
    {
        try
        {
            if (advisories.Refresh() is var (index, mayDiffer))
            {
                var started = time.GetTimestamp();
                var images = rematch.Replace(index, mayDiffer);
                Log.Replaced(logger, KubernetesJson.Time(index.Date), images, time.GetElapsedTime(started).TotalSeconds);
            }
        }
        catch (AdvisoryDatabaseException e)
        {
            ReportOnce(e.Message);
            return;
        }

        ReportOnce(advisories.Problem);
    }

    /// <summary>Logs a problem once, not at every look, and again when it comes back after it was solved.</summary>
    private void ReportOnce(string? problem)
    {
        if (problem is not null && problem != _reported)
        {
            Log.NotUsed(logger, problem);
        }

        _reported = problem;
    }

    private static partial class Log
    {
        [LoggerMessage(7401, LogLevel.Information, "The vulnerability database of {Date} is in use; {Images} images are judged again, found in {Seconds:0.00} s")]
        public static partial void Replaced(ILogger logger, string date, int images, double seconds);

        [LoggerMessage(7402, LogLevel.Error, "The vulnerability database cannot be used, the one before it stays in use: {Problem}")]
        public static partial void NotUsed(ILogger logger, string problem);
    }
}
