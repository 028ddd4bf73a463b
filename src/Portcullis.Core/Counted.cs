using System.Globalization;

namespace Portcullis.Core;

/// <summary>Numbers of things in messages: <c>1 member</c>, <c>2 members</c>.</summary>
public static class Counted
{
    public static string Of(int count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");
}
