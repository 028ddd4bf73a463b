using Portcullis.Core.Hardening;

namespace Portcullis.Agent.Daemon;

/// <summary>An editor truncates a file before it writes it, or renames it away: a file that is broken or missing for a moment is being written.</summary>
internal sealed class HalfWrittenFile(TimeSpan within, TimeProvider time)
{
    private long? _since;

    /// <summary>False for a file that stays broken or missing.</summary>
    public bool IsBeingWritten(DaemonFile file)
    {
        if (file is not (DaemonFile.Broken or DaemonFile.Missing))
        {
            _since = null;
            return false;
        }

        _since ??= time.GetTimestamp();
        if (time.GetElapsedTime(_since.Value) < within)
        {
            return true;
        }

        _since = null;
        return false;
    }
}
