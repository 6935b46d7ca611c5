package kit

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/banli/banli/internal/store"
)

// File is a file as it is sent.
type File struct {
	Name string
	Data []byte
}

// SendFiles sends one file as it is, several of them in one zip.
func SendFiles(w http.ResponseWriter, files []File, media, zipName string) error {
	if len(files) == 1 {
		return SendFile(w, store.AttachmentInfo{Name: files[0].Name, MediaType: media}, files[0].Data)
	}
	var data bytes.Buffer
	archive := zip.NewWriter(&data)
	for _, file := range files {
		part, err := archive.Create(file.Name)
		if err == nil {
			_, err = part.Write(file.Data)
		}
		if err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	return SendFile(w, store.AttachmentInfo{Name: zipName, MediaType: "application/zip"}, data.Bytes())
}

// FileName makes a name of words: cut to what file systems take, without what they refuse.
func FileName(words, ending string) string {
	words = notInNames.Replace(words)
	for len(words)+len(ending) > longestName {
		_, last := utf8.DecodeLastRuneInString(words)
		words = words[:len(words)-last]
	}
	return words + ending
}

// longestName is what file systems take, in bytes.
const longestName = 255

var notInNames = strings.NewReplacer("/", "／", `\`, "＼", ":", "：", "*", "＊", "?", "？", `"`, "＂", "<", "＜", ">", "＞", "|", "｜")
