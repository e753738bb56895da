using System.Runtime.InteropServices;
using SQLitePCL;

namespace Gossip.Actors.Storage;

/// <summary>
/// Which SQLite is used? The system's when there is one, because it gets security updates; else
/// the one that came with this package.
/// </summary>
internal static class SqliteLibrary
{
    private const string Bundled = "e_sqlite3";
    private const string System = "libsqlite3.so.0";

    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>File and version; loads the library the first time.</summary>
    public static string Description => Loaded.Value;

    private static string Load()
    {
        var file = Bundled;
        try
        {
            NativeLibrary.SetDllImportResolver(
                typeof(SQLite3Provider_e_sqlite3).Assembly,
                (name, assembly, path) =>
                {
                    if (name != Bundled)
                    {
                        return 0;
                    }

                    if (NativeLibrary.TryLoad(System, out var handle))
                    {
                        file = System;
                        return handle;
                    }

                    return NativeLibrary.TryLoad(name, assembly, path, out handle) ? handle : 0;
                });
        }
        catch (InvalidOperationException)
        {
            // The application around us has chosen already.
            file = "chosen by the application";
        }

        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        raw.FreezeProvider();
        var version = raw.sqlite3_libversion().utf8_to_string();
        return $"SQLite {version} ({file})";
    }
}
