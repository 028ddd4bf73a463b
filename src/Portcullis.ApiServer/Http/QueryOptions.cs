using Microsoft.AspNetCore.Http;
using Portcullis.ApiServer.Errors;

namespace Portcullis.ApiServer.Http;

/// <summary>The query of a request, as the meta/v1 options kinds name it.</summary>
internal sealed record QueryOptions
{
    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    public bool Watch { get; init; }

    public string? ResourceVersion { get; init; }

    public string? ResourceVersionMatch { get; init; }

    public long Limit { get; init; }

    public string? Continue { get; init; }

    public int? TimeoutSeconds { get; init; }

    public bool AllowWatchBookmarks { get; init; }

    public bool? SendInitialEvents { get; init; }

    public IReadOnlyList<string> DryRun { get; init; } = [];

    public string? FieldManager { get; init; }

    public string? FieldValidation { get; init; }

    public bool? Force { get; init; }

    public string? IncludeObject { get; init; }

    public string? PropagationPolicy { get; init; }

    public bool? OrphanDependents { get; init; }

    /// <summary>Nothing runs here that could take its time: read so that a wrong value is refused.</summary>
    public int? GracePeriodSeconds { get; init; }

    public bool IsDryRun => DryRun.Count > 0;

    public static QueryOptions Parse(IQueryCollection query) => query.Count == 0
        ? None
        : new QueryOptions
        {
            LabelSelector = Text(query, "labelSelector"),
            FieldSelector = Text(query, "fieldSelector"),
            Watch = Flag(query, "watch") ?? false,
            ResourceVersion = Text(query, "resourceVersion"),
            ResourceVersionMatch = Text(query, "resourceVersionMatch"),
            Limit = Number(query, "limit") ?? 0,
            Continue = Text(query, "continue"),
            TimeoutSeconds = Number(query, "timeoutSeconds") is { } seconds ? (int)Math.Min(seconds, int.MaxValue) : null,
            AllowWatchBookmarks = Flag(query, "allowWatchBookmarks") ?? false,
            SendInitialEvents = Flag(query, "sendInitialEvents"),
            DryRun = query["dryRun"].Where(v => !string.IsNullOrEmpty(v)).Select(v => v!).ToList(),
            FieldManager = Text(query, "fieldManager"),
            FieldValidation = Text(query, "fieldValidation"),
            Force = Flag(query, "force"),
            IncludeObject = Text(query, "includeObject"),
            PropagationPolicy = Text(query, "propagationPolicy"),
            OrphanDependents = Flag(query, "orphanDependents"),
            GracePeriodSeconds = Number(query, "gracePeriodSeconds") is { } grace ? (int)Math.Clamp(grace, int.MinValue, int.MaxValue) : null,
        };

    public static readonly QueryOptions None = new();

    private static string? Text(IQueryCollection query, string name) =>
        query.TryGetValue(name, out var values) && values.Count > 0 && !string.IsNullOrEmpty(values[0]) ? values[0] : null;

    private static bool? Flag(IQueryCollection query, string name) => Text(query, name) is { } text ? text is not ("false" or "0") : null;

    private static long? Number(IQueryCollection query, string name)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var number)
            ? number
            : throw StatusException.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }
}
