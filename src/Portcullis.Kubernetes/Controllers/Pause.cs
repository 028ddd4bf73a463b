using System.Globalization;

namespace Portcullis.Kubernetes.Controllers;

/// <summary>A pause that somebody asked for by annotation: for an emergency in which the present state must not be corrected.</summary>
public static class Pause
{
    /// <summary>When the pause ends; null when there is none, it is over, or it is longer than allowed.</summary>
    public static DateTimeOffset? Of(ObjectMeta metadata, string annotation, TimeSpan longest, DateTimeOffset now) =>
        metadata.Annotation(annotation) is { } text
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
        && until > now && until - now <= longest
            ? until
            : null;

    /// <summary>What is wrong with the annotation; null when nothing is, or when it is over.</summary>
    public static string? Problem(ObjectMeta metadata, string annotation, TimeSpan longest, DateTimeOffset now)
    {
        if (metadata.Annotation(annotation) is not { } text)
        {
            return null;
        }

        return !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var until)
            ? $"the annotation {annotation} is ignored: \"{text}\" is no time such as 2026-01-31T15:00:00Z"
            : until - now > longest
                ? $"the annotation {annotation} is ignored: {until.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} is more than {longest.TotalHours:0} hours ahead"
                : null;
    }
}
