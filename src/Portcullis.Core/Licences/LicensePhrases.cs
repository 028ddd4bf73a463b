using System.Text.RegularExpressions;

namespace Portcullis.Core.Licences;

/// <summary>Licences by sentences of their texts.</summary>
internal static partial class LicensePhrases
{
    /// <summary>Sentences that one licence alone has, with spaces of one.</summary>
    private static readonly (string Phrase, string Identifier)[] Known =
    [
        ("Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files", "MIT"),
        ("Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee is hereby granted", "ISC"),
        ("Permission to use, copy, modify, and distribute this software for any purpose with or without fee is hereby granted", "ISC"),
        ("Altered source versions must be plainly marked as such, and must not be misrepresented as being the original software", "Zlib"),
        ("Boost Software License - Version 1.0", "BSL-1.0"),
        ("Licensed under the Apache License, Version 2.0", "Apache-2.0"),
        ("Apache License Version 2.0, January 2004", "Apache-2.0"),
        ("Mozilla Public License Version 2.0", "MPL-2.0"),
        ("Mozilla Public License, v. 2.0", "MPL-2.0"),
        ("This is free and unencumbered software released into the public domain", "Unlicense"),
        ("CC0 1.0 Universal", "CC0-1.0"),
        ("PYTHON SOFTWARE FOUNDATION LICENSE VERSION 2", "PSF-2.0"),
        ("the names of Sam Leffler and Silicon Graphics may not be used", "libtiff"),
        ("Permission to use, copy, modify, distribute, and sell this software and its documentation for any purpose is hereby granted without fee", "HPND-sell-variant"),
    ];

    [GeneratedRegex(
        @"GNU (?<kind>Lesser |Library |Affero )?General Public License( \(\w+\))?(,? as published by the Free Software Foundation)?[;,]? ?(either )?((version|v) ?(?<version>[0-9](\.[0-9])?))?( of the License)?"
        + @"[;,]? ?(?<later>\(?or \(?(at your option\)? )?any later)?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Gnu { get; }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space { get; }

    /// <summary>All licences whose sentences the text has, together; null when there is none.</summary>
    public static LicenseExpression? Find(string text) => LicenseExpression.AllOf(All(text));

    public static IEnumerable<LicenseExpression> All(string text)
    {
        text = Space.Replace(text, " ");
        return Known.Where(k => text.Contains(k.Phrase, StringComparison.OrdinalIgnoreCase)).Select(k => k.Identifier)
            .Concat(Bsd(text)).Concat(GnuVersions(text))
            .Select(i => new LicenseExpression.Single(i));
    }

    private static IEnumerable<string> Bsd(string text)
    {
        if (!text.Contains("Redistribution and use in source and binary forms, with or without modification, are permitted", StringComparison.OrdinalIgnoreCase))
        {
            return [];
        }

        var hasEndorsement = text.Contains("to endorse or promote products derived from", StringComparison.OrdinalIgnoreCase);
        var hasAdvertising = text.Contains("All advertising materials mentioning features", StringComparison.OrdinalIgnoreCase);
        var hasBinary = text.Contains("Redistributions in binary form must reproduce", StringComparison.OrdinalIgnoreCase);
        return hasAdvertising && hasEndorsement ? ["BSD-4-Clause"] : hasEndorsement ? ["BSD-3-Clause"] : hasBinary && !hasAdvertising ? ["BSD-2-Clause"] : [];
    }

    /// <summary>The GNU licences that are named with a version.</summary>
    private static IEnumerable<string> GnuVersions(string text) => Gnu.Matches(text).Where(m => m.Groups["version"].Success)
        .Select(m => GnuLicenseName.Identifier(Family(m.Groups["kind"].Value), m.Groups["version"].Value, m.Groups["later"].Success)).OfType<string>();

    private static string Family(string kind) => kind.Trim().ToUpperInvariant() switch { "LESSER" or "LIBRARY" => "LGPL", "AFFERO" => "AGPL", _ => "GPL" };
}
