using System.Globalization;

namespace Portcullis.Core;

/// <summary>A number of things in a message: <c>1 member</c>, <c>2 members</c>.</summary>
public static class Pluralize
{
    /// <summary>The same for a word whose plural is not made by an s.</summary>
    public static string Of(int count, string thing, string things) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? thing : things)}");

    public static string Of(int count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
