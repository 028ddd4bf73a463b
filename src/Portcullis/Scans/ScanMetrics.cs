using Portcullis.Core.Scans;
using Prometheus;

namespace Portcullis.Scans;

/// <summary>What the scanner did, as Prometheus metrics (docs/metrics.md).</summary>
internal sealed class ScanMetrics(IMetricFactory metrics)
{
    private readonly Counter _scans = metrics.CreateCounter("image_scans_total", "Images that were judged and whose result changed, by the state they then had.", ["state"]);

    private readonly Counter _layers = metrics.CreateCounter("scan_layers_read_total", "Layers that were read from a registry.");

    private readonly Counter _bytes = metrics.CreateCounter("scan_layer_bytes_read_total", "Their compressed bytes.");

    private readonly Gauge _database = metrics.CreateGauge("vulnerability_database_timestamp_seconds", "The date of the vulnerability database; 0 without one.");

    private readonly Counter _rematched = metrics.CreateCounter("scan_rematched_images_total", "Images that were judged again because the vulnerability database was replaced.");

    public void LayerRead(long bytes)
    {
        _layers.Inc();
        _bytes.Inc(bytes);
    }

    public void Judged(ImageScanState state) => _scans.WithLabels(state.ToString().ToLowerInvariant()).Inc();

    public void Database(DateTimeOffset date) => _database.Set(date.ToUnixTimeSeconds());

    public void Rematched(int images) => _rematched.Inc(images);
}
