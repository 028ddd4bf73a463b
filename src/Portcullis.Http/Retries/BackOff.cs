namespace Portcullis.Http.Retries;

/// <summary>How long to pause after failures in a row: the pause doubles with each failure, from a minimum to a maximum. Pure.</summary>
/// <param name="Minimum">After the first failure.</param>
/// <param name="Maximum">However many failures there are.</param>
public sealed record BackOff(TimeSpan Minimum, TimeSpan Maximum)
{
    /// <summary>Zero when nothing has failed.</summary>
    public TimeSpan After(int failures)
    {
        if (failures <= 0)
        {
            return TimeSpan.Zero;
        }

        // A double does not overflow: after many failures it is merely more than the maximum.
        var ticks = Minimum.Ticks * Math.Pow(2, failures - 1);
        return ticks < Maximum.Ticks ? TimeSpan.FromTicks((long)ticks) : Maximum;
    }

    /// <summary>The same, shortened by up to half, so that clients that failed together do not all return at the same moment.</summary>
    /// <param name="failures">How many failures in a row.</param>
    /// <param name="random">Numbers from 0 to below 1, as <see cref="Jitter.Next"/> gives them.</param>
    public TimeSpan After(int failures, Func<double> random) => After(failures) * (1 - (random() / 2));
}
