namespace Portcullis.Scanning.Images;

/// <summary>The files of an image on disk, in a folder or in an archive.</summary>
internal interface IImageFiles : IDisposable
{
    /// <summary>A file by its name, with slashes; null when there is none.</summary>
    Stream? Open(string name);
}
