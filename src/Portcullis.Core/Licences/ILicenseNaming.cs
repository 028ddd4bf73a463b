namespace Portcullis.Core.Licences;

/// <summary>What the names in an expression mean.</summary>
internal interface ILicenseNaming
{
    /// <summary>Whether commas join expressions.</summary>
    bool AllowsCommas { get; }

    /// <summary>Null when the name makes the whole text no expression.</summary>
    LicenseExpression? License(string name);

    /// <summary>A licence with an exception; null when they make the whole text no expression.</summary>
    LicenseExpression? With(LicenseExpression license, string exception);
}
